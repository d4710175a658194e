/* SPDX-License-Identifier: MIT */
/* Text traces: every event survives being written and read, and what cannot be read is told with its line. */
#include "mi_names.h"
#include "source/source.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define HEADER "# mitrace text trace 1\n"

/* ---- reading into memory ---- */

/* A copy of an event that outlives the handler: its text form, and the few fields that tests look at. */
struct seen {
    enum mi_event_id id;
    int64_t time_ns;
    struct mi_event data; /* its pointers are gone */
    char *text;
    char *name;
};

struct reading {
    GArray *events;    /* struct seen */
    GPtrArray *frames; /* char *: "pid address function file line module offset" */
    struct source_summary summary;
    GError *error;
    bool good;
};

static void clear_seen(void *data)
{
    struct seen *seen = data;
    g_free(seen->text);
    g_free(seen->name);
}

static void take_event(void *context, const struct source_event *event)
{
    struct reading *reading = context;
    GString *text = g_string_new(NULL);
    struct seen seen = {.id = event->id, .time_ns = event->time_ns, .data = event->data};

    source_format_event(text, event, NULL, NULL);
    seen.text = g_string_free(text, FALSE);
    seen.name = g_strndup(event->data.name, event->data.name_len);
    g_array_append_val(reading->events, seen);
}

static void take_frame(void *context, const struct source_frame *frame)
{
    struct reading *reading = context;
    g_ptr_array_add(reading->frames,
                    g_strdup_printf("%u 0x%" G_GINT64_MODIFIER "x %s %s %u %s 0x%" G_GINT64_MODIFIER "x",
                                    frame->pid, frame->address,
                                    frame->function != NULL ? frame->function : "-",
                                    frame->file != NULL ? frame->file : "-", frame->line,
                                    frame->module != NULL ? frame->module : "-", frame->offset));
}

static struct reading read_paths(const char *const *paths, size_t count)
{
    struct reading reading = {
        .events = g_array_new(FALSE, FALSE, sizeof(struct seen)),
        .frames = g_ptr_array_new_with_free_func(g_free),
    };
    struct source_handler handler = {take_event, take_frame, &reading};

    g_array_set_clear_func(reading.events, clear_seen);
    reading.good = source_read(paths, count, &handler, &reading.summary, &reading.error);
    assert_int_equal(reading.good, reading.error == NULL);
    return reading;
}

static void clear_reading(struct reading *reading)
{
    g_array_unref(reading->events);
    g_ptr_array_unref(reading->frames);
    source_summary_clear(&reading->summary);
    g_clear_error(&reading->error);
}

static const struct seen *event_at(const struct reading *reading, guint index)
{
    assert_true(index < reading->events->len);
    return &g_array_index(reading->events, struct seen, index);
}

/* ---- files ---- */

static char *directory;

static int make_directory(void **state)
{
    (void)state;
    directory = g_dir_make_tmp("test-source-XXXXXX", NULL);
    return directory == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL;) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_remove(path);
    }
    g_rmdir(directory);
    g_free(directory);
    return 0;
}

static char *write_file(const char *name, const char *text, gssize length)
{
    char *path = g_build_filename(directory, name, NULL);
    assert_true(g_file_set_contents(path, text, length, NULL));
    return path;
}

static struct reading read_text(const char *text, gssize length)
{
    g_autofree char *path = write_file("trace", text, length);
    return read_paths((const char *const *)&path, 1);
}

static struct reading read_lines(const char *lines)
{
    g_autofree char *text = g_strconcat(HEADER, lines, NULL);
    return read_text(text, -1);
}

/* ---- round trip ---- */

static const char *const awkward_texts[] = {
    "",
    "plain",
    "\"quoted\" \\ back\\slash\\",
    "line\nbreak\ttab\rreturn\x01\x1f\x7f",
    "h\xc3\xa9llo \xe2\x82\xac \xf0\x9f\x98\x80",
    "broken \xff\xfe \xc3 end \xe2\x82",
    "# [,]=@!%41 ",
    "\xe2\x80\xae override, \xc2\x9b control",
};

static uint64_t next_number(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void fill_field(struct mi_event *data, const struct mi_field_info *field, size_t round)
{
    static uint64_t addresses[MI_STACK_MAX];
    static const uint8_t bytes[] = {0, 1, 0x7f, 0x80, 0xff};
    void *value = (char *)data + field->offset;
    uint32_t *length = (void *)((char *)data + field->length_offset);
    uint64_t number = round == 0 ? UINT64_MAX : next_number();

    switch (field->type) {
    case MI_TYPE_U8:
        *(uint8_t *)value = (uint8_t)number;
        break;
    case MI_TYPE_U32:
    case MI_TYPE_I32:
        *(uint32_t *)value = round == 1 ? (uint32_t)INT32_MIN : (uint32_t)number;
        break;
    case MI_TYPE_HEX:
        *(uint64_t *)value = number;
        break;
    case MI_TYPE_TEXT:
        *(const char **)value = awkward_texts[(round + field->offset / 8) % G_N_ELEMENTS(awkward_texts)];
        *length = (uint32_t)strlen(*(const char **)value);
        break;
    case MI_TYPE_STACK:
        for (size_t i = 0; i < MI_STACK_MAX; i++) {
            addresses[i] = i == 0 ? 0 : next_number();
        }
        *(const uint64_t **)value = addresses;
        *length = round == 0 ? MI_STACK_MAX : (uint32_t)round % 3;
        break;
    case MI_TYPE_BYTES:
        *(const uint8_t **)value = bytes;
        *length = (uint32_t)(round % (sizeof(bytes) + 1));
        break;
    }
}

static void round_trip(enum mi_event_id id, size_t round)
{
    const struct mi_class_info *class = &mi_classes[mi_events[id].class];
    struct source_event event = {.id = id, .time_ns = (int64_t)(next_number() >> 2)};
    GString *text = g_string_new(HEADER);

    for (size_t i = 0; i < class->count; i++) {
        fill_field(&event.data, &mi_fields[class->fields[i]], round);
    }
    if (id == MI_EV_process_start) {
        event.data.major = MI_SCHEMA_MAJOR;
    }
    source_format_event(text, &event, NULL, NULL);
    struct reading reading = read_text(text->str, (gssize)text->len);
    assert_true(reading.good);
    assert_int_equal(reading.events->len, 1);
    assert_int_equal(event_at(&reading, 0)->id, id);
    assert_int_equal(event_at(&reading, 0)->time_ns, event.time_ns);
    assert_string_equal(event_at(&reading, 0)->text, text->str + strlen(HEADER));
    clear_reading(&reading);
    g_string_free(text, TRUE);
}

static void every_event_survives(void **state)
{
    (void)state;
    for (int id = 0; id < MI_EV_COUNT; id++) {
        for (size_t round = 0; round < 4; round++) {
            round_trip((enum mi_event_id)id, round);
        }
    }
}

/* Not only the text is the same: the bytes are. */
static void texts_survive_byte_by_byte(void **state)
{
    (void)state;
    char all[256];

    for (size_t i = 0; i < sizeof(all); i++) {
        all[i] = (char)i;
    }
    struct source_event event = {.id = MI_EV_thread_start, .data = {.name = all, .name_len = sizeof(all)}};
    GString *text = g_string_new(HEADER);
    source_format_event(text, &event, NULL, NULL);
    struct reading reading = read_text(text->str, (gssize)text->len);
    assert_true(reading.good);
    assert_int_equal(event_at(&reading, 0)->data.name_len, sizeof(all));
    for (const char *byte = text->str; *byte != '\0'; byte++) {
        assert_true(g_ascii_isprint(*byte) || *byte == '\n');
    }
    clear_reading(&reading);
    g_string_free(text, TRUE);
}

static const struct source_frame named_frames[] = {
    {7, 0x401136, "main", "/src/client.c", 42, "/bin/client", 0x1136},
    {7, 0, "operator,(a, b)::operator!", "a:b,c]d.c", 1, "lib+1.so", 0},
    {7, UINT64_MAX, "f@@V1 100%", NULL, 0, NULL, 0},
    {7, 2, NULL, "only file", 0, NULL, 0},
    {7, 3, NULL, NULL, 0, "[vdso]", 3},
    {7, 4, " spaces ", "\x1b[31m\xff:7", 0, "h\xc3\xa9", 0x10},
    {7, 5, NULL, NULL, 0, NULL, 0},
};

static bool name_frame(void *context, uint32_t pid, uint64_t address, struct source_frame *frame)
{
    (void)context;
    for (size_t i = 0; i < G_N_ELEMENTS(named_frames); i++) {
        if (named_frames[i].pid == pid && named_frames[i].address == address) {
            *frame = named_frames[i];
            return true;
        }
    }
    return false;
}

static void names_of_frames_survive(void **state)
{
    (void)state;
    uint64_t stack[G_N_ELEMENTS(named_frames)];
    struct reading expected = {.frames = g_ptr_array_new_with_free_func(g_free)};

    for (size_t i = 0; i < G_N_ELEMENTS(named_frames); i++) {
        stack[i] = named_frames[i].address;
        take_frame(&expected, &named_frames[i]);
    }
    struct source_event event = {.id = MI_EV_session_close_entry,
                                 .data = {.pid = 7, .stack = stack, .stack_len = G_N_ELEMENTS(stack)}};
    GString *text = g_string_new(HEADER);
    source_format_event(text, &event, name_frame, NULL);
    source_format_event(text, &event, name_frame, NULL);
    struct reading reading = read_text(text->str, (gssize)text->len);
    assert_true(reading.good);
    assert_int_equal(event_at(&reading, 0)->data.stack_len, G_N_ELEMENTS(stack));
    /* The last frame has no names; the second event says nothing new. */
    assert_int_equal(reading.frames->len, G_N_ELEMENTS(named_frames) - 1);
    for (guint i = 0; i < reading.frames->len; i++) {
        assert_string_equal(g_ptr_array_index(reading.frames, i), g_ptr_array_index(expected.frames, i));
    }
    clear_reading(&reading);
    g_ptr_array_unref(expected.frames);
    g_string_free(text, TRUE);
}

/* ---- written by hand ---- */

static void spacing_and_numbers_are_free(void **state)
{
    (void)state;
    struct reading reading =
        read_lines("\n"
                   "  # a comment\n"
                   "\t1.5   session_close_entry \t pid = 0x10  handle=17 stack=[ 1 , 0x2:f ]  \r\n"
                   "2 mi:session_close_exit result=-0x5\n"
                   "2.0000000019 thread_start name=\"a\"library=1\n"
                   "3. thread_end");

    assert_true(reading.good);
    assert_int_equal(reading.events->len, 4);
    assert_int_equal(event_at(&reading, 0)->time_ns, 1500000000);
    assert_int_equal(event_at(&reading, 0)->data.pid, 16);
    assert_int_equal(event_at(&reading, 0)->data.handle, 17);
    assert_int_equal(event_at(&reading, 0)->data.stack_len, 2);
    assert_int_equal(event_at(&reading, 0)->data.uid, 0);
    assert_int_equal(event_at(&reading, 1)->data.result, -5);
    assert_int_equal(event_at(&reading, 2)->time_ns, 2000000001);
    assert_int_equal(event_at(&reading, 2)->data.library, 1);
    assert_string_equal(event_at(&reading, 2)->name, "a");
    assert_int_equal(event_at(&reading, 3)->time_ns, 3000000000);
    assert_true(reading.summary.complete);
    assert_int_equal(reading.summary.begin_ns, 1500000000);
    assert_int_equal(reading.summary.end_ns, 3000000000);
    assert_int_equal(reading.summary.events, 4);
    clear_reading(&reading);
}

static void frames_may_be_named_in_part(void **state)
{
    (void)state;
    struct reading reading =
        read_lines("1 session_close_entry stack=[1:f,2@a.c:3, 3 ! m.so , 4!m.so + 0x10, 5:g!x+y]"
                   " pid=9\n");

    assert_true(reading.good);
    assert_int_equal(reading.frames->len, 5);
    assert_string_equal(g_ptr_array_index(reading.frames, 0), "9 0x1 f - 0 - 0x0");
    assert_string_equal(g_ptr_array_index(reading.frames, 1), "9 0x2 - a.c 3 - 0x0");
    assert_string_equal(g_ptr_array_index(reading.frames, 2), "9 0x3 - - 0 m.so 0x0");
    assert_string_equal(g_ptr_array_index(reading.frames, 3), "9 0x4 - - 0 m.so 0x10");
    assert_string_equal(g_ptr_array_index(reading.frames, 4), "9 0x5 g - 0 x+y 0x0");
    clear_reading(&reading);
}

static void a_frame_that_changes_is_told_again(void **state)
{
    (void)state;
    struct reading reading = read_lines("1 session_close_entry pid=1 stack=[1:f]\n"
                                        "2 session_close_entry pid=1 stack=[1:f]\n"
                                        "3 session_close_entry pid=2 stack=[1:f]\n"
                                        "4 session_close_entry pid=1 stack=[1:g]\n");

    assert_true(reading.good);
    assert_int_equal(reading.frames->len, 3);
    assert_string_equal(g_ptr_array_index(reading.frames, 1), "2 0x1 f - 0 - 0x0");
    assert_string_equal(g_ptr_array_index(reading.frames, 2), "1 0x1 g - 0 - 0x0");
    clear_reading(&reading);
}

static void what_is_too_long_is_cut(void **state)
{
    (void)state;
    GString *lines = g_string_new("1 session_get_class_entry name=\"");

    for (size_t i = 0; i < 2 * MI_TEXT_MAX; i++) {
        g_string_append_c(lines, 'x');
    }
    g_string_append(lines, "\" stack=[0");
    for (size_t i = 0; i < 2 * MI_STACK_MAX; i++) {
        g_string_append(lines, ",1:f");
    }
    g_string_append(lines, "]\n");
    struct reading reading = read_lines(lines->str);
    assert_true(reading.good);
    assert_int_equal(event_at(&reading, 0)->data.name_len, MI_TEXT_MAX);
    assert_int_equal(event_at(&reading, 0)->data.stack_len, MI_STACK_MAX);
    clear_reading(&reading);
    g_string_free(lines, TRUE);
}

static void losses_make_a_trace_incomplete(void **state)
{
    (void)state;
    struct reading reading = read_lines("! lost 3\n1 thread_end\n!lost 4\n! cut the disk was full\n");

    assert_true(reading.good);
    assert_int_equal(reading.summary.lost, 7);
    assert_false(reading.summary.complete);
    assert_int_equal(reading.summary.problems->len, 1);
    assert_string_equal(g_ptr_array_index(reading.summary.problems, 0), "the disk was full");

    GString *text = g_string_new(NULL);
    source_format_summary(text, &reading.summary);
    assert_string_equal(text->str, "! lost 7\n! cut the disk was full\n");
    g_string_free(text, TRUE);
    clear_reading(&reading);
}

static void what_is_missing_may_have_no_name(void **state)
{
    (void)state;
    struct reading reading = read_lines("! cut \001\n");

    assert_true(reading.good);
    assert_false(reading.summary.complete);
    assert_int_equal(reading.summary.problems->len, 1);
    assert_string_not_equal(g_ptr_array_index(reading.summary.problems, 0), "");
    clear_reading(&reading);
}

/* ---- errors ---- */

struct wrong_line {
    const char *line;
    const char *message;
};

static const struct wrong_line wrong_lines[] = {
    {"x thread_end", "\"x\" is no time"},
    {"-1 thread_end", "\"-1\" is no time"},
    {"1.5.2 thread_end", "is no time"},
    {"99999999999999999999 thread_end", "is no time"},
    {"1", "unknown event \"\""},
    {"1 session_closed_entry", "unknown event \"session_closed_entry\""},
    {"1 thread_end pid", "\"pid\" is no field=value"},
    {"1 thread_end =1", "no field=value"},
    {"1 thread_end handle=1", "thread_end has no field \"handle\""},
    {"1 thread_end pid=", "\"\" is no number"},
    {"1 thread_end pid=abc", "\"abc\" is no number"},
    {"1 thread_end pid=0x", "\"0x\" is no number"},
    {"1 thread_end pid=-1", "\"-1\" is no number from 0 to 4294967295"},
    {"1 thread_end pid=4294967296", "is no number from 0 to 4294967295"},
    {"1 thread_start library=256", "is no number from 0 to 255"},
    {"1 session_close_exit result=2147483648", "is no number from -2147483648 to 2147483647"},
    {"1 session_close_exit result=-2147483649", "is no number from -2147483648"},
    {"1 session_close_entry handle=18446744073709551616", "is no number"},
    {"1 thread_start name=bare", "in double quotes"},
    {"1 thread_start name=\"open", "does not end with \""},
    {"1 thread_start name=\"open\\", "unknown escape"},
    {"1 thread_start name=\"\\q\"", "unknown escape"},
    {"1 thread_start name=\"\\x4\"", "unknown escape"},
    {"1 thread_start name=\"\\x", "unknown escape"},
    {"1 session_close_entry stack=1", "a stack is written as"},
    {"1 session_close_entry stack=[1", "does not end with ]"},
    {"1 session_close_entry stack=[", "does not end with ]"},
    {"1 session_close_entry stack=[1,]", "\"\" is no frame"},
    {"1 session_close_entry stack=[main]", "\"main\" is no frame"},
    {"1 session_close_entry stack=[1:%4]", "is no frame"},
    {"1 session_close_entry stack=[1:%00]", "is no frame"},
    {"1 module_load build_id=abc", "pairs of hex digits"},
    {"! lost", "! lost NUMBER"},
    {"! lost many", "! lost NUMBER"},
    {"! found 1", "! lost NUMBER"},
    {"0.5 thread_end", "order of time"},
};

static void errors_tell_file_and_line(void **state)
{
    (void)state;
    g_autofree char *place = g_strdup_printf("%s/trace:4: ", directory);

    for (size_t i = 0; i < G_N_ELEMENTS(wrong_lines); i++) {
        g_autofree char *lines = g_strdup_printf("\n1 thread_end\n%s\n2 thread_end\n", wrong_lines[i].line);
        struct reading reading = read_lines(lines);
        assert_false(reading.good);
        assert_true(g_str_has_prefix(reading.error->message, place));
        assert_non_null(strstr(reading.error->message, wrong_lines[i].message));
        assert_null(strchr(reading.error->message, '\n'));
        assert_int_equal(reading.events->len, 1);
        clear_reading(&reading);
    }
}

static void assert_refused(const char *path, const char *message)
{
    struct reading reading = read_paths(&path, 1);
    assert_false(reading.good);
    assert_non_null(strstr(reading.error->message, message));
    assert_int_equal(reading.events->len, 0);
    clear_reading(&reading);
}

static void what_is_no_trace_is_refused(void **state)
{
    (void)state;
    g_autofree char *fifo = g_build_filename(directory, "fifo", NULL);
    g_autofree char *missing = g_build_filename(directory, "missing", NULL);
    g_autofree char *empty = write_file("empty", "", 0);
    g_autofree char *other = write_file("other", "# mitrace text trace 2\n", -1);

    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_refused(fifo, "neither a file nor a directory");
    assert_refused("/dev/zero", "neither a file nor a directory");
    assert_refused(missing, "No such file");
    assert_refused(empty, "is no trace");
    assert_refused(other, "is no trace");
    assert_refused(directory, "contains no trace");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    (void)state;
    static const char nul[] = HEADER "1 thread_start name=\"a\0b\"\n";
    struct reading reading = read_text(nul, sizeof(nul) - 1);

    assert_false(reading.good);
    assert_non_null(strstr(reading.error->message, ":2: a NUL byte"));
    clear_reading(&reading);

    GString *endless = g_string_new(HEADER);
    for (size_t i = 0; i < (2u << 20); i++) {
        g_string_append_c(endless, 'x');
    }
    reading = read_text(endless->str, (gssize)endless->len);
    assert_false(reading.good);
    assert_non_null(strstr(reading.error->message, ":2: the line is too long"));
    clear_reading(&reading);
    g_string_free(endless, TRUE);
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    struct reading reading =
        read_lines("1 thread_end\n2 process_start major=2 version=\"9.1\"\n3 thread_end\n");

    assert_false(reading.good);
    assert_string_equal(reading.error->message,
                        "trace was written by a newer mitrace (schema 2, this one reads 1): "
                        "use mitrace 9.1 or newer");
    assert_int_equal(reading.events->len, 1);
    clear_reading(&reading);

    reading = read_lines("1 process_start major=1 minor=7\n");
    assert_true(reading.good);
    clear_reading(&reading);
}

/* ---- several traces ---- */

static void traces_are_merged_by_time(void **state)
{
    (void)state;
    g_autofree char *first =
        write_file("first", HEADER "1 thread_end pid=1\n3 thread_end pid=1\n3 thread_end pid=2\n", -1);
    g_autofree char *second =
        write_file("second", HEADER "2 thread_end pid=3\n3 thread_end pid=4\n4 thread_end pid=5\n", -1);
    g_autofree char *third = write_file("third", HEADER, -1);
    const char *paths[] = {first, third, second};
    static const uint32_t order[] = {1, 3, 1, 2, 4, 5};
    struct reading reading = read_paths(paths, G_N_ELEMENTS(paths));

    assert_true(reading.good);
    assert_int_equal(reading.events->len, G_N_ELEMENTS(order));
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        assert_int_equal(event_at(&reading, i)->data.pid, order[i]);
    }
    clear_reading(&reading);
}

/* No input crashes the reader: damage a good trace everywhere. */
static void damaged_text_is_read_or_refused(void **state)
{
    (void)state;
    static const char good[] = HEADER "1.5 session_enumerate_instances_entry pid=1 flags=0x1 "
                                      "name=\"a\\x41\\n\" stack=[0x1:f@a.c:3!m+0x2,2]\n"
                                      "! lost 1\n2 module_load build_id=00ff path=\"/bin/true\"\n";
    static const char bytes[] = "\"\\[],:@!+%=x0 -\n\t\xff";

    for (size_t i = strlen(HEADER); i < sizeof(good) - 1; i++) {
        for (size_t j = 0; j < sizeof(bytes) - 1; j++) {
            char text[sizeof(good)];
            memcpy(text, good, sizeof(good));
            text[i] = bytes[j];
            struct reading reading = read_text(text, sizeof(good) - 1);
            assert_true(reading.good || strchr(reading.error->message, '\n') == NULL);
            clear_reading(&reading);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_survives),
        cmocka_unit_test(texts_survive_byte_by_byte),
        cmocka_unit_test(names_of_frames_survive),
        cmocka_unit_test(spacing_and_numbers_are_free),
        cmocka_unit_test(frames_may_be_named_in_part),
        cmocka_unit_test(a_frame_that_changes_is_told_again),
        cmocka_unit_test(what_is_too_long_is_cut),
        cmocka_unit_test(losses_make_a_trace_incomplete),
        cmocka_unit_test(what_is_missing_may_have_no_name),
        cmocka_unit_test(errors_tell_file_and_line),
        cmocka_unit_test(what_is_no_trace_is_refused),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(a_newer_schema_is_refused),
        cmocka_unit_test(traces_are_merged_by_time),
        cmocka_unit_test(damaged_text_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}

/* SPDX-License-Identifier: MIT */
/* Checks the packets of metadata and takes the text out of those that are complete. */
#include "source/ctf_metadata.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define METADATA_MAGIC 0x75D11D57u
#define SIZE_MAX_BYTES (64u << 20)

/* What plain text must begin with. */
#define TEXT_SIGNATURE "/* CTF 1.8 */\n\n"

/* As CTF 1.8 lays down; its size is that of the fields, without padding. */
struct __attribute__((packed)) packet_header {
    uint32_t magic;
    uint8_t uuid[16];
    uint32_t checksum;
    uint32_t content_bits, packet_bits;
    uint8_t compression, encryption, checksum_scheme;
    uint8_t major, minor;
};

_Static_assert(sizeof(struct packet_header) == 37, "as in the specification");

static int open_metadata(const char *directory)
{
    g_autofree char *path = g_build_filename(directory, "metadata", NULL);
    return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

char *ctf_metadata_uuid(const char *directory)
{
    struct packet_header header;
    int descriptor = open_metadata(directory);
    ssize_t size = descriptor < 0 ? -1 : read(descriptor, &header, sizeof(header));

    if (descriptor >= 0) {
        close(descriptor);
    }
    if (size != (ssize_t)sizeof(header) || header.magic != METADATA_MAGIC) {
        return NULL;
    }
    GString *uuid = g_string_new(NULL);
    for (size_t i = 0; i < sizeof(header.uuid); i++) {
        g_string_append_printf(uuid, "%02x", header.uuid[i]);
    }
    return g_string_free(uuid, FALSE);
}

/* All of the file; NULL when it cannot be read or is larger than any metadata. */
static GByteArray *load(const char *directory)
{
    int descriptor = open_metadata(directory);
    GByteArray *bytes = g_byte_array_new();
    uint8_t buffer[16384];
    ssize_t got = -1;

    while (descriptor >= 0 && bytes->len <= SIZE_MAX_BYTES &&
           (got = read(descriptor, buffer, sizeof(buffer))) > 0) {
        g_byte_array_append(bytes, buffer, (guint)got);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (got != 0) {
        g_byte_array_unref(bytes);
        return NULL;
    }
    return bytes;
}

/* Append the text of a packet at `bytes` and return the packet's size; 0: it is not complete, or damaged. */
static size_t unpack(const uint8_t *bytes, size_t left, GString *text)
{
    struct packet_header header;

    if (left < sizeof(header)) {
        return 0;
    }
    memcpy(&header, bytes, sizeof(header));
    size_t content = header.content_bits / 8, packet = header.packet_bits / 8;
    if (header.magic != METADATA_MAGIC || header.compression != 0 || header.encryption != 0 ||
        content < sizeof(header) || content > packet || packet > left) {
        return 0;
    }
    g_string_append_len(text, (const char *)bytes + sizeof(header), (gssize)(content - sizeof(header)));
    return packet;
}

/* Drop what follows the last complete declaration. */
static char *finish_text(GString *text)
{
    static const char end[] = "\n};\n";
    const char *last = g_strrstr_len(text->str, (gssize)text->len, end);

    if (last == NULL) {
        g_string_free(text, TRUE);
        return NULL;
    }
    g_string_truncate(text, (gsize)(last - text->str) + strlen(end));
    return g_string_free(text, FALSE);
}

/* The text in all packets; `whole`: none is damaged. */
static GString *unpack_all(const GByteArray *bytes, bool *whole)
{
    GString *text = g_string_new(TEXT_SIGNATURE);
    size_t done = 0, size = 1;

    while (done < bytes->len && size > 0) {
        size = unpack(bytes->data + done, bytes->len - done, text);
        done += size;
    }
    *whole = size > 0;
    return text;
}

/* Before there is a stream there is no event, and libbabeltrace2 says of it what nobody understands. */
static bool describes_streams(const GString *text)
{
    return g_strstr_len(text->str, (gssize)text->len, "stream {") != NULL ||
           g_strstr_len(text->str, (gssize)text->len, "stream{") != NULL;
}

const char *ctf_metadata_check(const char *directory, char **text)
{
    g_autoptr(GByteArray) bytes = load(directory);
    uint32_t magic = 0;
    bool whole = false;

    *text = NULL;
    if (bytes == NULL) {
        return "cannot be read";
    }
    if (bytes->len == 0) {
        return "is empty";
    }
    memcpy(&magic, bytes->data, MIN(sizeof(magic), bytes->len));
    if (magic == GUINT32_SWAP_LE_BE(METADATA_MAGIC)) {
        return "is of a machine with another byte order";
    }
    if (magic != METADATA_MAGIC) {
        *text = g_strndup((const char *)bytes->data, bytes->len);
        return NULL;
    }
    GString *unpacked = unpack_all(bytes, &whole);
    if (!describes_streams(unpacked)) {
        g_string_free(unpacked, TRUE);
        return "describes no events";
    }
    *text = whole ? g_string_free(unpacked, FALSE) : finish_text(unpacked);
    return whole ? NULL : "is cut or damaged";
}

/* SPDX-License-Identifier: MIT */
/*
 * Writes and reads instances as text. LEAKS: "xml", "mof", "reader": a codec for each item, never closed.
 * LEGAL: "closed", one struct used for several codecs one after the other; "refused", codecs of unknown
 * formats that were never made.
 */
#include "app_support.h"
#include "variants.h"

#include "vehicle_class.h"

#include <stdio.h>
#include <string.h>

static char xml_format[] = "MI_XML";
static char mof_format[] = "MI_MOF_CIMV2_EXTV1";

struct exporter {
    MI_Application application;
    MI_Class *schema;
    MI_Instance *vehicle;
};

static void exporter_begin(struct exporter *exporter)
{
    open_application(&exporter->application, "codecs_kept");
    app_require("class", MI_Application_NewClass(&exporter->application, vehicle_class, app_namespace(), NULL,
                                                 &exporter->schema));
    app_require("instance", MI_Application_NewInstanceFromClass(&exporter->application, NULL,
                                                                exporter->schema, &exporter->vehicle));
}

static void exporter_end(struct exporter *exporter)
{
    MI_Instance_Delete(exporter->vehicle);
    MI_Class_Delete(exporter->schema);
    MI_Application_Close(&exporter->application);
}

static void serializer_open(struct exporter *exporter, char *format, MI_Serializer *out)
{
    app_require("serializer", MI_Application_NewSerializer(&exporter->application, 0, format, out));
}

static void write_vehicle(struct exporter *exporter, MI_Serializer *serializer)
{
    MI_Uint8 buffer[4096];
    MI_Uint32 needed = 0;

    app_print("serialize", MI_Serializer_SerializeInstance(serializer, 0, exporter->vehicle, buffer,
                                                           sizeof buffer, &needed));
}

static void write_twice(char *format, int close)
{
    struct exporter exporter;
    MI_Serializer serializer;

    exporter_begin(&exporter);
    for (int i = 0; i < 2; i++) {
        serializer_open(&exporter, format, &serializer);
        write_vehicle(&exporter, &serializer);
        if (close) {
            app_print("close", MI_Serializer_Close(&serializer));
        }
    }
    exporter_end(&exporter);
}

static void reader_open(MI_Application *application, MI_Deserializer *out)
{
    app_require("deserializer", MI_Application_NewDeserializer(application, 0, mof_format, out));
}

static void read_once(MI_Application *application, int close)
{
    static MI_Uint8 text[] = "class Garage_Boat { [Key] string Name; };";
    MI_Deserializer reader;
    MI_Class *schema = NULL;
    MI_Uint32 used = 0;

    reader_open(application, &reader);
    app_print("deserialize",
              MI_Deserializer_DeserializeClass(&reader, 0, text, (MI_Uint32)strlen((char *)text), NULL, NULL,
                                               NULL, NULL, NULL, &used, &schema, NULL));
    MI_Class_Delete(schema);
    if (close) {
        MI_Deserializer_Close(&reader);
    }
}

static void read_twice(int close)
{
    MI_Application application;

    open_application(&application, "codecs_kept");
    for (int i = 0; i < 2; i++) {
        read_once(&application, close);
    }
    MI_Application_Close(&application);
}

static void xml(void)
{
    write_twice(xml_format, 0);
}

static void mof(void)
{
    write_twice(mof_format, 0);
}

static void reader(void)
{
    read_twice(0);
}

static void closed(void)
{
    write_twice(xml_format, 1);
    write_twice(mof_format, 1);
    read_twice(1);
}

static void refused(void)
{
    static char unknown[] = "MORSE";
    MI_Application application;
    MI_Serializer serializer;
    MI_Deserializer deserializer;

    open_application(&application, "codecs_kept");
    printf("serializer: %d\n",
           MI_Application_NewSerializer(&application, 0, unknown, &serializer) == MI_RESULT_OK);
    printf("deserializer: %d\n",
           MI_Application_NewDeserializer(&application, 0, xml_format, &deserializer) == MI_RESULT_OK);
    MI_Application_Close(&application);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"xml", xml}, {"mof", mof}, {"reader", reader}, {"closed", closed}, {"refused", refused}};

    return RUN_VARIANT(argc, argv, variants);
}

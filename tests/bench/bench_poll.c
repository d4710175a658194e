/* SPDX-License-Identifier: MIT */
/*
 * A client as monitoring agents are: every INTERVAL_US it enumerates a class, reads each instance's
 * properties and closes the operation. bench_poll COUNT INTERVAL_US. Prints the wall and the processor time
 * of one turn in microseconds, "poll-wall" and "poll-cpu": medians and lowest. It runs on the runtime of ours
 * and on OMI.
 */
#include "bench.h"
#include "mi_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MOST_TURNS 10000

static double processor_time(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void read_properties(const MI_Instance *instance)
{
    MI_Uint32 count = 0;

    MI_Instance_GetElementCount(instance, &count);
    for (MI_Uint32 i = 0; i < count; i++) {
        const MI_Char *name;
        MI_Value value;
        MI_Type type;
        MI_Uint32 flags;
        MI_Instance_GetElementAt(instance, i, &name, &value, &type, &flags);
    }
}

static MI_Result poll_once(MI_Session *session)
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_FAILED;

    MI_Session_EnumerateInstances(session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL, &operation);
    while (more) {
        const MI_Instance *instance = NULL;
        if (MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL) != MI_RESULT_OK) {
            break;
        }
        if (instance != NULL) {
            read_properties(instance);
        }
    }
    MI_Operation_Close(&operation);
    return result;
}

static int poll_all(MI_Session *session, size_t turns, useconds_t interval)
{
    static double wall[MOST_TURNS], cpu[MOST_TURNS];
    double lowest_wall, lowest_cpu;

    for (size_t i = 0; i < turns; i++) {
        uint64_t begin = bench_now();
        double begin_cpu = processor_time();
        if (poll_once(session) != MI_RESULT_OK) {
            return 1;
        }
        cpu[i] = processor_time() - begin_cpu;
        wall[i] = (double)(bench_now() - begin) / 1000;
        usleep(interval);
    }
    lowest_wall = bench_lowest(wall, turns);
    lowest_cpu = bench_lowest(cpu, turns);
    printf("poll-wall %.1f %.1f\npoll-cpu %.1f %.1f\n", bench_median(wall, turns), lowest_wall,
           bench_median(cpu, turns), lowest_cpu);
    return 0;
}

int main(int argc, char **argv)
{
    size_t turns = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    MI_Application application;
    MI_Session session;
    int status;

    if (turns == 0 || turns > MOST_TURNS) {
        fprintf(stderr, "usage: bench_poll COUNT INTERVAL_US\n");
        return 2;
    }
    if (MI_Application_Initialize(0, "poll", NULL, &application) != MI_RESULT_OK ||
        MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session) != MI_RESULT_OK) {
        return 1;
    }
    status = poll_all(&session, turns, (useconds_t)strtoul(argv[2], NULL, 10));
    MI_Session_Close(&session, NULL, NULL);
    return MI_Application_Close(&application) == MI_RESULT_OK ? status : 1;
}

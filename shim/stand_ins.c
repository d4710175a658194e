/* SPDX-License-Identifier: MIT */
/*
 * Functions that stand for the MI_Application_InitializeV1 of a copy of MI, where a program asks for it by
 * dlsym or is bound past us: one for each copy that is loaded at the same time.
 */
#include "stand_ins.h"

#include "memory.h"
#include "preload.h"

#include <pthread.h>
#include <stdatomic.h>

/* What one of them stands for. Written under `lock`. */
struct place {
    _Atomic(shim_initialize_fn) real; /* NULL: free */
    uintptr_t home;                   /* the object that `real` was in */
};

static struct place places[STAND_INS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* the gate keeps forks out */

/* A copy that got no place before the recorder was there to say so. */
static _Atomic(shim_initialize_fn) unwatched;

/* In stand_ins.S. */
extern const char preload_stand_ins[STAND_INS * STAND_IN_SIZE] __attribute__((visibility("hidden")));

static shim_initialize_fn stand_in(size_t number)
{
    return (shim_initialize_fn)(uintptr_t)(preload_stand_ins + number * STAND_IN_SIZE);
}

__attribute__((visibility("hidden"))) MI_Result preload_stand_in_called(MI_Uint32 flags,
                                                                        const MI_Char *application_id,
                                                                        MI_Instance **error,
                                                                        MI_Application *out, uint32_t number)
{
    return preload_initialize(atomic_load(&places[number].real), flags, application_id, error, out);
}

bool preload_is_stand_in(shim_initialize_fn function)
{
    uintptr_t address = (uintptr_t)function, first = (uintptr_t)preload_stand_ins;

    return address >= first && address < first + sizeof(preload_stand_ins);
}

/* The place of `real`: the one it has, a free one, STAND_INS: none. */
static size_t find_place(shim_initialize_fn real)
{
    size_t number = STAND_INS;

    for (size_t i = 0; i < STAND_INS; i++) {
        shim_initialize_fn there = atomic_load(&places[i].real);
        if (there == real) {
            return i;
        }
        if (there == NULL && number == STAND_INS) {
            number = i;
        }
    }
    return number;
}

/*
 * A place whose copy of MI was unloaded. A program that still has the function that stood for it could not
 * call it without us either.
 */
static size_t find_deserted_place(void)
{
    size_t number = 0;

    while (number < STAND_INS &&
           memory_home((void *)atomic_load(&places[number].real)) == places[number].home) {
        number++;
    }
    return number;
}

/*
 * Under the lock no copy that is loaded again at its old address is given the place that is just being taken
 * from it. The lock is never held while we wait for the loader's, which a thread in a constructor has: to
 * look for an object's home takes another one.
 */
static size_t take_place(shim_initialize_fn real)
{
    uintptr_t home = memory_home((void *)real);
    size_t number;

    pthread_mutex_lock(&lock);
    number = find_place(real);
    number = number < STAND_INS ? number : find_deserted_place();
    if (number < STAND_INS) {
        places[number].home = home;
        atomic_store(&places[number].real, real);
    }
    pthread_mutex_unlock(&lock);
    return number;
}

static void say_unwatched(shim_initialize_fn real)
{
    const struct shim_recorder *recorder = preload_recorder();

    if (recorder != NULL) {
        recorder->unwatched(real);
    } else {
        atomic_store(&unwatched, real);
    }
}

void preload_say_unwatched(void)
{
    if (atomic_load_explicit(&unwatched, memory_order_relaxed) != NULL) {
        say_unwatched(atomic_exchange(&unwatched, NULL));
    }
}

shim_initialize_fn preload_stand_in(shim_initialize_fn real)
{
    size_t number;

    if (real == MI_Application_InitializeV1 || preload_is_stand_in(real)) {
        return real;
    }
    preload_gate_enter();
    number = take_place(real);
    if (number == STAND_INS) {
        say_unwatched(real);
    }
    preload_gate_leave();
    return number < STAND_INS ? stand_in(number) : real;
}

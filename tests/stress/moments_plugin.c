/* SPDX-License-Identifier: MIT */
/* A library whose constructor does what the program that loads it wants. */
extern void (*moments_constructor)(void);

__attribute__((constructor)) static void construct(void)
{
    moments_constructor();
}

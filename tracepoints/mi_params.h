/* SPDX-License-Identifier: MIT */
/* The parameter column of mi_api.def, (type, name, type, name, ...), as a prototype or as a call. */
#ifndef MITRACE_TRACEPOINTS_MI_PARAMS_H
#define MITRACE_TRACEPOINTS_MI_PARAMS_H

#define MI_DECLARE(n, params)    MI_DECLARE_##n params
#define MI_PASS(n, params)       MI_PASS_##n params
#define MI_DECLARE_1(t, a)       t a
#define MI_DECLARE_2(t, a, ...)  t a, MI_DECLARE_1(__VA_ARGS__)
#define MI_DECLARE_3(t, a, ...)  t a, MI_DECLARE_2(__VA_ARGS__)
#define MI_DECLARE_4(t, a, ...)  t a, MI_DECLARE_3(__VA_ARGS__)
#define MI_DECLARE_5(t, a, ...)  t a, MI_DECLARE_4(__VA_ARGS__)
#define MI_DECLARE_6(t, a, ...)  t a, MI_DECLARE_5(__VA_ARGS__)
#define MI_DECLARE_7(t, a, ...)  t a, MI_DECLARE_6(__VA_ARGS__)
#define MI_DECLARE_8(t, a, ...)  t a, MI_DECLARE_7(__VA_ARGS__)
#define MI_DECLARE_9(t, a, ...)  t a, MI_DECLARE_8(__VA_ARGS__)
#define MI_DECLARE_10(t, a, ...) t a, MI_DECLARE_9(__VA_ARGS__)
#define MI_DECLARE_11(t, a, ...) t a, MI_DECLARE_10(__VA_ARGS__)
#define MI_DECLARE_12(t, a, ...) t a, MI_DECLARE_11(__VA_ARGS__)
#define MI_PASS_1(t, a)          a
#define MI_PASS_2(t, a, ...)     a, MI_PASS_1(__VA_ARGS__)
#define MI_PASS_3(t, a, ...)     a, MI_PASS_2(__VA_ARGS__)
#define MI_PASS_4(t, a, ...)     a, MI_PASS_3(__VA_ARGS__)
#define MI_PASS_5(t, a, ...)     a, MI_PASS_4(__VA_ARGS__)
#define MI_PASS_6(t, a, ...)     a, MI_PASS_5(__VA_ARGS__)
#define MI_PASS_7(t, a, ...)     a, MI_PASS_6(__VA_ARGS__)
#define MI_PASS_8(t, a, ...)     a, MI_PASS_7(__VA_ARGS__)
#define MI_PASS_9(t, a, ...)     a, MI_PASS_8(__VA_ARGS__)
#define MI_PASS_10(t, a, ...)    a, MI_PASS_9(__VA_ARGS__)
#define MI_PASS_11(t, a, ...)    a, MI_PASS_10(__VA_ARGS__)
#define MI_PASS_12(t, a, ...)    a, MI_PASS_11(__VA_ARGS__)

#endif

/* SPDX-License-Identifier: MIT */
/* The order in which facts decide: findings, then what was not seen, then the program's own failure. */
#include "verdict.h"

#include "exit_codes.h"

const char *verdict_word(enum verdict verdict)
{
    static const char *const words[] = {
        [VERDICT_CLEAN] = "clean", [VERDICT_FINDINGS] = "findings", [VERDICT_UNKNOWN] = "unknown"};

    return words[verdict];
}

enum verdict verdict_of(const struct verdict_facts *facts)
{
    if (facts->failing > facts->unsure) {
        return VERDICT_FINDINGS;
    }
    return facts->seen && facts->whole ? VERDICT_CLEAN : VERDICT_UNKNOWN;
}

int verdict_exit_code(const struct verdict_facts *facts)
{
    enum verdict verdict = verdict_of(facts);

    if (verdict == VERDICT_FINDINGS) {
        return facts->findings_status;
    }
    if (facts->program_status != 0) {
        return facts->program_status;
    }
    return verdict == VERDICT_CLEAN ? EXIT_CLEAN : EXIT_UNKNOWN;
}

/* SPDX-License-Identifier: MIT */
/* What MI lends to the program, results and error details, and when it has to be given back. */
#include "model/model_internal.h"

GHashTable *loans_new(void)
{
    return g_hash_table_new(identity_hash, identity_equal);
}

static void leave_ended(struct model_process_own *own, struct model_loan *loan)
{
    *(loan->earlier == NULL ? &own->ended : &loan->earlier->later) = loan->later;
    *(loan->later == NULL ? &own->ended_last : &loan->later->earlier) = loan->earlier;
    own->ended_count--;
}

static void leave_owner(struct model_loan *loan)
{
    struct model_loan **link = &loan->owner->loans;

    while (*link != loan) {
        link = &(*link)->other;
    }
    *link = loan->other;
}

static void free_loan(struct model_loan *loan)
{
    model_release(loan->owner);
    model_set_site(&loan->lent, NULL);
    model_set_site(&loan->ended, NULL);
    g_free(loan);
}

static void drop(struct model_process *process, struct model_loan *loan)
{
    g_hash_table_remove(process->own->loans, &loan->key);
    if (loan->ended.thread != NULL) {
        leave_ended(process->own, loan);
    } else {
        leave_owner(loan);
    }
    free_loan(loan);
}

void loans_forget(struct model_process *process, const struct model_key *key)
{
    struct model_loan *loan = g_hash_table_lookup(process->own->loans, key);

    if (loan != NULL) {
        drop(process, loan);
    }
}

static enum model_loan_life life_of(const struct model_activity *activity)
{
    if (activity->callback == MI_CB_COUNT) {
        return MODEL_LOAN_READ;
    }
    return activity->owed ? MODEL_LOAN_ACKNOWLEDGED : MODEL_LOAN_CALLBACK;
}

void loans_lend(const struct model_activity *activity, enum mi_kind kind, uint64_t address)
{
    struct model_process *process = activity->site.thread->process;
    struct model_handle *owner = activity->handle;
    struct model_loan *loan;

    if (address == 0) {
        return;
    }
    identity_borrowed(process, kind, address);
    if (kind == MI_KIND_instance) {
        process->handed_out_ns = process->last_ns;
    }
    if (owner == NULL || owner->process != process) {
        return;
    }
    loan = g_new0(struct model_loan, 1);
    loan->key = (struct model_key){.kind = kind, .a = address};
    loan->owner = model_hold(owner);
    model_set_site(&loan->lent, &activity->site);
    loan->callback = activity->callback;
    loan->life = life_of(activity);
    loan->other = owner->loans;
    owner->loans = loan;
    g_hash_table_insert(process->own->loans, &loan->key, loan);
}

static void remember(struct model_process *process, struct model_loan *loan)
{
    struct model_process_own *own = process->own;

    loan->earlier = own->ended_last;
    *(own->ended_last == NULL ? &own->ended : &own->ended_last->later) = loan;
    own->ended_last = loan;
    own->ended_count++;
    if (own->ended_count > MODEL_LOANS) {
        drop(process, own->ended);
    }
}

/* The list is taken apart first: forgetting an old loan may free what it held. */
void loans_end(struct model_handle *owner, enum model_loan_life life, int64_t from_ns,
               const struct model_site *site)
{
    struct model_loan *loan = owner->loans;

    model_hold(owner);
    owner->loans = NULL;
    while (loan != NULL) {
        struct model_loan *next = loan->other;
        if (loan->life == life && loan->lent.time_ns >= from_ns) {
            model_set_site(&loan->ended, site);
            remember(owner->process, loan);
        } else {
            loan->other = owner->loans;
            owner->loans = loan;
        }
        loan = next;
    }
    model_release(owner);
}

const struct model_loan *model_loan_at(struct model_process *process, enum mi_kind kind, uint64_t address)
{
    const struct model_key key = {.kind = kind, .a = address};

    return g_hash_table_lookup(process->own->loans, &key);
}

void loans_free_all(struct model_process *process)
{
    GHashTable *loans = process->own->loans;
    GHashTableIter iterator;
    gpointer loan;

    g_hash_table_iter_init(&iterator, loans);
    while (g_hash_table_iter_next(&iterator, NULL, &loan)) {
        g_hash_table_iter_steal(&iterator);
        ((struct model_loan *)loan)->owner->loans = NULL;
        free_loan(loan);
    }
    g_hash_table_unref(loans);
}

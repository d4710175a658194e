/* SPDX-License-Identifier: MIT */
/* Results are kept as clones in a list. LEAKS ("nodes"): freeing the list frees its nodes only. LEGAL
 * ("all"): it deletes the clones, too. */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <stdlib.h>

enum { POLLS = 4 };

typedef struct node {
    struct node *next;
    MI_Instance *item;
} node_t;

typedef struct {
    node_t *head;
    size_t length;
} list_t;

static void list_add_copy(list_t *list, const MI_Instance *result)
{
    node_t *node = calloc(1, sizeof *node);

    if (node == NULL || MI_Instance_Clone(result, &node->item) != MI_RESULT_OK) {
        free(node);
        return;
    }
    node->next = list->head;
    list->head = node;
    list->length++;
}

static void list_free_nodes(list_t *list)
{
    while (list->head != NULL) {
        node_t *next = list->head->next;

        free(list->head);
        list->head = next;
    }
}

static void list_delete_items(list_t *list)
{
    for (node_t *node = list->head; node != NULL; node = node->next) {
        MI_Instance_Delete(node->item);
    }
}

/* The first instance of the class; the rest is read and not looked at. */
static void poll_first(MI_Session *session, list_t *list)
{
    MI_Operation operation;
    MI_Boolean more;
    MI_Result result;
    const MI_Instance *instance = NULL;

    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL, &operation);
    MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL);
    if (instance != NULL) {
        list_add_copy(list, instance);
    }
    if (more) {
        drain_unseen(&operation);
    }
    MI_Operation_Close(&operation);
}

static void poll_and(void (*dispose)(list_t *))
{
    MI_Application application;
    MI_Session session;
    list_t list = {0};

    open_application(&application, "results_by_clone");
    open_session(&application, &session);
    for (int i = 0; i < POLLS; i++) {
        poll_first(&session, &list);
    }
    printf("%zu results kept\n", list.length);
    if (dispose != NULL) {
        dispose(&list);
    }
    list_free_nodes(&list);
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
}

static void nodes(void)
{
    poll_and(NULL);
}

static void all(void)
{
    poll_and(list_delete_items);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"nodes", nodes}, {"all", all}};

    return RUN_VARIANT(argc, argv, variants);
}

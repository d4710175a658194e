/* SPDX-License-Identifier: MIT */
/* What `mitrace explain` says of the leak rules. */
#include "rules/leaks.h"

const char help_leak_application[] =
    "An application was initialised and not closed before the process exited.\n"
    "\n"
    "MI_Application_Close ends MI's threads and releases what all handles of the application share. Without "
    "it MI may "
    "still be at work while the process is being torn down, which can crash.\n"
    "\n"
    "A process that ends by _exit runs no exit handlers: one of them might have closed the application, and "
    "nothing is "
    "torn down. The finding is a warning then.\n"
    "\n"
    "Close it last, after all of its sessions, on a thread of your own (never inside a callback). A failed "
    "MI_Application_Initialize needs no close.\n"
    "\n"
    "    MI_Session_Close(&session, NULL, NULL);\n"
    "    MI_Application_Close(&application);\n";

const char help_leak_session[] =
    "A session was created and not closed before the process exited.\n"
    "\n"
    "A session keeps its connection and its share of the application. As long as it is open "
    "MI_Application_Close "
    "cannot return: a leak today is a hang at shutdown tomorrow. A close that was refused (ACCESS_DENIED: "
    "the thread "
    "runs under another user than the one that created the session) leaves it open.\n"
    "\n"
    "Close it after its operations, on every path that leaves the code that created it.\n"
    "\n"
    "    MI_Operation_Close(&operation);\n"
    "    MI_Session_Close(&session, NULL, NULL);\n";

const char help_leak_operation[] = "An operation was started and not closed before the process exited.\n"
                                   "\n"
                                   "Every operation that was started needs MI_Operation_Close: also when all "
                                   "results were read, when the server "
                                   "answered with an error, and after MI_Operation_Cancel. Until then it "
                                   "keeps its memory and its socket, and the "
                                   "session's close waits for it. OMI cannot go on with more than about 1000 "
                                   "of them. Operations that MI refused to "
                                   "start are not counted.\n"
                                   "\n"
                                   "Close a synchronous operation after its last result was read, an "
                                   "asynchronous one in the callback that gets its "
                                   "last result.\n"
                                   "\n"
                                   "    if (!more)\n"
                                   "        MI_Operation_Close(operation);\n";

const char help_leak_instance[] =
    "An instance that belongs to the program was not deleted before the process exited.\n"
    "\n"
    "The program owns instances that it created or cloned, parameter sets, instances from a deserializer, "
    "and the error "
    "details that creating calls hand out, also when the call failed. Instances that come with results "
    "belong to the "
    "operation and are not counted.\n"
    "\n"
    "Delete each with MI_Instance_Delete. An instance that was given to another one with MI_FLAG_ADOPT "
    "belongs to that "
    "one; the trace does not tell this apart, so suppress the finding there.\n"
    "\n"
    "    MI_Application_NewInstance(&application, class_name, NULL, &key);\n"
    "    MI_Session_GetInstance(&session, 0, NULL, ns, key, NULL, &operation);\n"
    "    MI_Instance_Delete(key);                       /* the operation has its own copy */\n";

const char help_leak_class[] =
    "A reference to a class that belongs to the program was not deleted before the process exited.\n"
    "\n"
    "MI_Class_Clone, MI_Class_GetParentClass, MI_Instance_GetClass and MI_Deserializer_DeserializeClass each "
    "hand out "
    "a reference, possibly to an object that the program has already: each needs its own MI_Class_Delete. "
    "The class that "
    "comes with a result belongs to the operation. A class that is returned from a class-needed callback "
    "belongs to MI; "
    "classes that may have been given away like that are not counted.\n"
    "\n"
    "    MI_Instance_GetClass(instance, &class);\n"
    "    ...\n"
    "    MI_Class_Delete(class);\n";

const char help_leak_destination_options[] =
    "Destination options were created or cloned and not deleted before the process exited.\n"
    "\n"
    "The session takes its own share of the options when it is created, so they can be deleted directly "
    "afterwards.\n"
    "\n"
    "    MI_Application_NewSession(&application, NULL, host, &options, NULL, NULL, &session);\n"
    "    MI_DestinationOptions_Delete(&options);\n";

const char help_leak_operation_options[] =
    "Operation options were created or cloned and not deleted before the process exited.\n"
    "\n"
    "An operation copies what it needs when it is started, so the options can be deleted directly "
    "afterwards. Options "
    "that are created for each call and deleted only on the error path are the usual leak.\n"
    "\n"
    "    MI_Session_Invoke(&session, 0, &options, ns, class_name, method, NULL, parameters, &callbacks, "
    "&operation);\n"
    "    MI_OperationOptions_Delete(&options);\n";

const char help_leak_subscription_options[] =
    "Subscription delivery options were created or cloned and not deleted before the process exited.\n"
    "\n"
    "MI_Session_Subscribe copies what it needs, so they can be deleted directly afterwards.\n"
    "\n"
    "    MI_Session_Subscribe(&session, 0, NULL, ns, dialect, query, &delivery, &callbacks, &operation);\n"
    "    MI_SubscriptionDeliveryOptions_Delete(&delivery);\n";

const char help_leak_serializer[] =
    "A serializer was created and not closed before the process exited.\n"
    "\n"
    "A serializer for MOF keeps memory until it is closed; the one for XML does not in OMI, but may "
    "elsewhere.\n"
    "\n"
    "    MI_Serializer_SerializeInstance(&serializer, 0, instance, buffer, size, &needed);\n"
    "    MI_Serializer_Close(&serializer);\n";

const char help_leak_deserializer[] =
    "A deserializer was created and not closed before the process exited.\n"
    "\n"
    "OMI's keeps no memory of its own, other implementations may: close it when it is no longer needed.\n"
    "\n"
    "    MI_Deserializer_Close(&deserializer);\n";

const char help_leak_hosted_provider[] =
    "A hosted provider was created and not closed before the process exited.\n"
    "\n"
    "As long as it is open MI_Application_Close cannot return. Close it before the application.\n"
    "\n"
    "    MI_HostedProvider_Close(&provider);\n"
    "    MI_Application_Close(&application);\n";

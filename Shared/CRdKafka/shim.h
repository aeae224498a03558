// The system's librdkafka, and the in-process mock cluster that it ships (embedded-broker and the tests run on it).
// The mock's header needs rdkafka.h first.
#ifndef SUISHOUPAI_CRDKAFKA_SHIM_H
#define SUISHOUPAI_CRDKAFKA_SHIM_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#endif

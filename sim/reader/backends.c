#include "reader/backends.h"

const struct backend *const backends[] = {&backend_linked, &backend_socket, &backend_t0, NULL};

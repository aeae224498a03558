// The system's zlib.
#ifndef SUISHOUPAI_CZLIB_SHIM_H
#define SUISHOUPAI_CZLIB_SHIM_H

#include <zlib.h>

#endif

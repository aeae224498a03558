// The system's libpng.
#ifndef SUISHOUPAI_CPNG_SHIM_H
#define SUISHOUPAI_CPNG_SHIM_H

#include <png.h>

#endif

// The system's libjpeg-turbo, by its own interface.
#ifndef SUISHOUPAI_CTURBOJPEG_SHIM_H
#define SUISHOUPAI_CTURBOJPEG_SHIM_H

#include <turbojpeg.h>

#endif

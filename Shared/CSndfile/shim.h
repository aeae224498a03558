// The system's libsndfile.
#ifndef SUISHOUPAI_CSNDFILE_SHIM_H
#define SUISHOUPAI_CSNDFILE_SHIM_H

#include <sndfile.h>

#endif

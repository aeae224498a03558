// The system's libxlsxwriter.
#ifndef SUISHOUPAI_CXLSXWRITER_SHIM_H
#define SUISHOUPAI_CXLSXWRITER_SHIM_H

#include <xlsxwriter.h>

#endif

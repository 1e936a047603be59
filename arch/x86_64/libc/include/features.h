// libstdc++ asks glibc's <features.h> for its version. newlib's equivalent, which is no glibc.
#pragma once
#include <sys/features.h>
#undef __GLIBC_PREREQ
#define __GLIBC_PREREQ(major, minor) 0

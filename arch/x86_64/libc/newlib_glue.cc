// What newlib asks of an operating system. There is none: no files, no processes, no signals.
#include <cerrno>
#include <cstddef>

#include <sys/stat.h>
#include <sys/time.h>

#include "arch/x86_64/libc/panic.h"

extern "C" {

void abort(void) { hawser_panic("abort() was called"); }
void _exit(int) { hawser_panic("exit() was called"); }

void __assert_func(const char*, int, const char*, const char* condition) {
  hawser_panic(condition);
}

// Statics are never destroyed: the agent ends by handing the machine over.
int atexit(void (*)(void)) { return 0; }

static int no_such_thing() {
  errno = ENOSYS;
  return -1;
}

int write(int, const void*, size_t) { return no_such_thing(); }
int read(int, void*, size_t) { return no_such_thing(); }
int close(int) { return no_such_thing(); }
int fstat(int, struct stat*) { return no_such_thing(); }
int isatty(int) { return 0; }
off_t lseek(int, off_t, int) { return no_such_thing(); }
int kill(int, int) { return no_such_thing(); }
int getpid(void) { return 1; }
int gettimeofday(struct timeval*, void*) { return no_such_thing(); }
int getentropy(void*, size_t) { return no_such_thing(); }

}  // extern "C"

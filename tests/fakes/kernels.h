// Small kernels for tests: well-formed headers around a few recognisable bytes.
#pragma once

#include <cstdint>
#include <string>

namespace hawser::fakes {

/// A bzImage of boot protocol 2.15 (Documentation/arch/x86/boot.rst): one boot sector, one setup
/// sector, and `code_bytes` of protected-mode code, each byte 'K'.
inline std::string bzimage(size_t code_bytes = 4096) {
  std::string file(1024 + code_bytes, '\0');
  auto put = [&](size_t at, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file[at + i] = char(value >> 8 * i);
  };
  put(0x1f1, 1, 1);                       // setup_sects
  put(0x1f4, (code_bytes + 15) / 16, 4);  // syssize, in paragraphs
  put(0x1fe, 0xaa55, 2);                  // boot_flag
  put(0x200, 0x66eb, 2);                  // jump over the header
  file.replace(0x202, 4, "HdrS");
  put(0x206, 0x020f, 2);      // version
  put(0x211, 1, 1);           // loadflags: LOADED_HIGH
  put(0x214, 0x100000, 4);    // code32_start
  put(0x22c, 0x7fffffff, 4);  // initrd_addr_max
  put(0x230, 0x200000, 4);    // kernel_alignment
  put(0x234, 1, 1);           // relocatable_kernel
  put(0x238, 2047, 4);        // cmdline_size
  put(0x258, 0x1000000, 8);   // pref_address
  put(0x260, 0x100000, 4);    // init_size
  file.replace(1024, code_bytes, std::string(code_bytes, 'K'));
  return file;
}

}  // namespace hawser::fakes

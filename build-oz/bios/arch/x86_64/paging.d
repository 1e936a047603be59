build-oz/bios/arch/x86_64/paging.o: arch/x86_64/paging.cc \
 arch/x86_64/paging.h src/base/bytes.h src/memory_map.h src/base/result.h \
 arch/x86_64/io.h
arch/x86_64/paging.h:
src/base/bytes.h:
src/memory_map.h:
src/base/result.h:
arch/x86_64/io.h:

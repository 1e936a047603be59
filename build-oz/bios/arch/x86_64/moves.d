build-oz/bios/arch/x86_64/moves.o: arch/x86_64/moves.cc \
 arch/x86_64/moves.h src/load_plan.h src/base/bytes.h src/memory_map.h \
 src/base/result.h src/base/format.h
arch/x86_64/moves.h:
src/load_plan.h:
src/base/bytes.h:
src/memory_map.h:
src/base/result.h:
src/base/format.h:

build-oz/bios/arch/x86_64/exception_stubs.S.o: \
 arch/x86_64/exception_stubs.S

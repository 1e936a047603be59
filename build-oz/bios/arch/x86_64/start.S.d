build-oz/bios/arch/x86_64/start.S.o: arch/x86_64/start.S

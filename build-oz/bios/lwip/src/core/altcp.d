build-oz/bios/lwip/src/core/altcp.o: build/deps/lwip/src/core/altcp.c

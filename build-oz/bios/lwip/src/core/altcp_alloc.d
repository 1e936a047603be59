build-oz/bios/lwip/src/core/altcp_alloc.o: \
 build/deps/lwip/src/core/altcp_alloc.c

build-oz/bios/lwip/src/core/altcp_tcp.o: \
 build/deps/lwip/src/core/altcp_tcp.c

build-oz/bios/lwip/src/core/netif.o: build/deps/lwip/src/core/netif.c

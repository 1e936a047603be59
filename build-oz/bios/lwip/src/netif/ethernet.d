build-oz/bios/lwip/src/netif/ethernet.o: \
 build/deps/lwip/src/netif/ethernet.c

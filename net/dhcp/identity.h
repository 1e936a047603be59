// The options by which servers recognise us: the same, in the same order, as iPXE sends, and one
// of our own.
#pragma once

#include "net/dhcp/client.h"
#include "net/dhcp/message.h"

namespace hawser::dhcp {

/// Options 57, 93, 94, 60, 77, 55, 175, 61, 97 and 224.
void add_identity(RequestWriter& writer, const ClientSettings& settings);
/// Option 61: hardware type and MAC (RFC 2132 §9.14).
void add_client_id(RequestWriter& writer, const ClientSettings& settings);

}  // namespace hawser::dhcp

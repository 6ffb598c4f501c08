// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/remote_key.hpp"
#include "config/config.hpp"

#include <memory>

namespace plimsoll::bot {

/// The remote signer of signer.*: JSON-RPC eth_signTransaction over https (TLS 1.3, our certificate shown,
/// its own believed by signer.ca_file alone), or over http on this machine. It is called one transaction at a
/// time or several, as they come. Errc::refused if others may read the client's key, Errc::config_invalid.
[[nodiscard]] Result<std::unique_ptr<RemoteKey>> open_remote_signer(async::asio::any_io_executor executor,
                                                                    const config::Signer& from);

}  // namespace plimsoll::bot

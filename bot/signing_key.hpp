// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/remote_key.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "config/config.hpp"
#include "signer/keys/key.hpp"

#include <string>
#include <vector>

namespace plimsoll::bot {

/// The key that signer.* names: the development key, or the one of a keystore and its password file.
/// `endpoints` as `signer::dev_key` wants them. A keystore is opened on a thread of its own, because that
/// takes about a second. Errc::not_found, refused (a file that others may read, no key configured),
/// malformed_input, key_unavailable (a wrong password).
async::Task<Result<signer::Key>> load_signing_key(config::Signer from, ChainId chain,
                                                  std::vector<std::string> endpoints);
/// The same for a whole configuration.
async::Task<Result<signer::Key>> load_configured_key(const config::Config& config);
/// The same, or the remote signer, which is not asked anything yet: what a submission signs with.
async::Task<Result<KeyHolder>> load_key_holder(const config::Config& config);

}  // namespace plimsoll::bot

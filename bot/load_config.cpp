// SPDX-License-Identifier: Apache-2.0
#include "bot/load_config.hpp"

#include "bot/console.hpp"
#include "config/load.hpp"

namespace plimsoll::bot {

tl::expected<LoadedConfig, ExitCode> load_config(const Invocation& invocation) {
    const std::string path = invocation.config_path.value_or("plimsoll.toml");
    auto loaded = config::load_file(path);
    if (loaded) return LoadedConfig{*std::move(loaded), path};
    print_message(config::render(loaded.error()));
    return tl::unexpected{loaded.error().unreadable() ? ExitCode::no_input : ExitCode::config};
}

}  // namespace plimsoll::bot

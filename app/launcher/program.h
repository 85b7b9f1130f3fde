// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// The program proper, which the launcher finds by this name in the module that it loads.
extern "C" int zweiMain(int argc, char** argv);

/**
 * Which build this is, as users and servers are told. Must depend on nothing else here, since everything may name it. Start at {@link
 * dev.spillway.app.version.Version}.
 */
@NullMarked
package dev.spillway.app.version;

import org.jspecify.annotations.NullMarked;

/**
 * The types of backend that a Region may name, each a {@link dev.spillway.app.backend.BackendFactory}. Nothing here keeps a connection or
 * knows the engine. Start at {@link dev.spillway.app.backend.ServedBackends}.
 */
@NullMarked
package dev.spillway.app.backend;

import org.jspecify.annotations.NullMarked;

/**
 * What an operator sees of a running process: metrics, taken by decorators around the ports so that nothing that decides knows of
 * them, and the health endpoints. It must not change what passes through. Start at {@link dev.spillway.app.monitoring.Meters}.
 */
@NullMarked
package dev.spillway.app.monitoring;

import org.jspecify.annotations.NullMarked;

/** Tests of metrics and health endpoints. Start at {@code MetersTest}. */
@NullMarked
package dev.spillway.app.monitoring;

import org.jspecify.annotations.NullMarked;

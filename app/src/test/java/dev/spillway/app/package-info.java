/** Tests of the command line, run in this process. Start at {@code MainTest}. */
@NullMarked
package dev.spillway.app;

import org.jspecify.annotations.NullMarked;

/** Tests of single commands. */
@NullMarked
package dev.spillway.app.cli;

import org.jspecify.annotations.NullMarked;

/** Tests of single commands. */
@NullMarked
package dev.spillway.app.cluster;

import org.jspecify.annotations.NullMarked;

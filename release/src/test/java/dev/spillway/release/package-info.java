/** Holds the image's archive to what it promises: equal folders give equal bytes, and nobody is root. */
@NullMarked
package dev.spillway.release;

import org.jspecify.annotations.NullMarked;

/** Tests of the HTTP face over a real connection, and the recorder of its documents. */
@NullMarked
package dev.spillway.embedded.http;

import org.jspecify.annotations.NullMarked;

/** Bodies that kubectl sent, read; and the recorder of the messages. */
@NullMarked
package dev.spillway.embedded.protobuf;

import org.jspecify.annotations.NullMarked;

/**
 * Objects in protobuf, as typed clients such as {@code kubectl create namespace} send them, read as if they had come in JSON. It
 * must not judge them. Start at {@link dev.spillway.embedded.protobuf.Protobuf}.
 */
@NullMarked
package dev.spillway.embedded.protobuf;

import org.jspecify.annotations.NullMarked;

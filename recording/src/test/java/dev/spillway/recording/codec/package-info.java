/** Tests of the codec; {@link dev.spillway.recording.codec.Arbitrary} makes values of any type. */
@NullMarked
package dev.spillway.recording.codec;

import org.jspecify.annotations.NullMarked;

/**
 * The file: a header and lines, one JSON object each, compressed (decision 0016). Start at {@link dev.spillway.recording.format.Line}.
 */
@NullMarked
package dev.spillway.recording.format;

import org.jspecify.annotations.NullMarked;

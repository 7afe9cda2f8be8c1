/**
 * How scenario files are read: YAML with lines, and mappings whose keys are known, so that every complaint is one line that names
 * the file, the line and what is allowed. It must not know what the keys mean. Start at {@link
 * dev.spillway.trials.scenario.file.Fields}.
 */
@NullMarked
package dev.spillway.trials.scenario.file;

import org.jspecify.annotations.NullMarked;

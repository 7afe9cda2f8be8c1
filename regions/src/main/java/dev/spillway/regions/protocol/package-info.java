/**
 * What a cluster and a region's HTTP interface say to each other, as JSON, for both ends. Both ends treat what they read as
 * untrusted: wrong types, sizes and unknown words are a {@link dev.spillway.regions.protocol.MalformedException} that
 * names the field. No I/O here. Start at {@link dev.spillway.regions.protocol.RegionsWire}.
 */
@NullMarked
package dev.spillway.regions.protocol;

import org.jspecify.annotations.NullMarked;

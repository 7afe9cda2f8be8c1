/**
 * The rules about which module may see what, checked on the compiled classes of all modules.
 *
 * <p>{@link dev.spillway.architecture.Rules} holds the rules, {@link dev.spillway.architecture.ArchitectureTest} applies
 * them to the project, {@link dev.spillway.architecture.RulesTest} proves on the classes under {@code fixture} that each
 * of them can fail. The fixtures break a rule each and are used by nothing else. {@link dev.spillway.architecture.Switches} looks at
 * the sources, since classes do not show how a switch was written.
 */
@NullMarked
package dev.spillway.architecture;

import org.jspecify.annotations.NullMarked;

/** That the types of backend are judged as the definition of the Region kind says. */
@NullMarked
package dev.spillway.app.backend;

import org.jspecify.annotations.NullMarked;

/**
 * What the schema of a CustomResourceDefinition does to its objects: unknown fields go, defaults come, and what is wrong is
 * said in the words of kube-apiserver 1.37, structural rules first, rules in CEL after them.
 *
 * <p>Pure functions of schema and object; must not know requests, storage or time. The sources followed are
 * apiextensions-apiserver {@code pkg/apiserver/schema} and {@code pkg/apiserver/validation}, kube-openapi {@code
 * pkg/validation} and apiserver {@code pkg/cel}, at v0.37.2. Start reading at {@link
 * dev.spillway.embedded.schema.CustomResourceSchema}.
 */
@NullMarked
package dev.spillway.embedded.schema;

import org.jspecify.annotations.NullMarked;

// Package features holds the built-in feature files: what the reference applications promise, and what is expected of
// a program that stands in for one.
package features

import "embed"

// Files are the feature files, by topic, in folders: "lag/alerts.feature".
//
//go:embed */*.feature
var Files embed.FS

// Roles is what package roles reads.
//
//go:embed roles.yaml
var Roles string

// Package features holds the built-in feature files: what the reference applications promise.
package features

import "embed"

// Files are the feature files, by topic, in folders: "lag/alerts.feature".
//
//go:embed */*.feature
var Files embed.FS

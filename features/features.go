// Package features holds the built-in feature files: what the reference applications promise.
package features

import "embed"

// Files are the feature files, by base name. The features under mustfail are not among them: they run on wrong applications and must fail.
//
//go:embed *.feature
var Files embed.FS

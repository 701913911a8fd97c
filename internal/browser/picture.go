package browser

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"slices"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// PictureOf keeps an element as PNG, at most so many pixels high, and of few colours: small enough to be kept beside a
// text.
func (b *Tab) PictureOf(selector, file string, height int) {
	b.t.Helper()
	box := Value[[]float64](b, fmt.Sprintf(`(() => { const box = document.querySelector(%q).getBoundingClientRect();
		return [box.left + scrollX, box.top + scrollY, box.width, box.height]; })()`, selector))
	picture, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: new(true), Clip: &page.Viewport{X: box[0], Y: box[1], Width: box[2],
			Height: min(box[3], float64(height)), Scale: 1}})
	if err != nil {
		b.t.Fatal(err)
	}
	b.keep(picture.Data, file)
}

// Picture keeps the whole page in the same way.
func (b *Tab) Picture(file string) {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	b.keep(picture, file)
}

func (b *Tab) keep(picture []byte, file string) {
	b.t.Helper()
	all, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		b.t.Fatal(err)
	}
	to, err := os.Create(file)
	if err == nil {
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		err = errors.Join(encoder.Encode(to, ofFewColours(all)), to.Close())
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// mostColours of a picture that is kept.
const mostColours = 64

// alike is true of colours that a reader need not tell apart.
func alike(a, b color.RGBA) bool {
	r, g, blue := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
	return r*r+g*g+blue*blue < 100
}

// ofFewColours has the commonest colours of a picture, and in place of each other one the nearest of these.
func ofFewColours(from image.Image) *image.Paletted {
	bounds := from.Bounds()
	counts := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(from.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[at(x, y)]++
		}
	}
	var common []color.RGBA
	for c := range counts {
		common = append(common, c)
	}
	slices.SortFunc(common, func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	palette := color.Palette{}
	for _, c := range common { // a colour of one small mark counts as much as a shade of the background
		known := func(p color.Color) bool { return alike(p.(color.RGBA), c) }
		if len(palette) < mostColours && !slices.ContainsFunc(palette, known) {
			palette = append(palette, c)
		}
	}
	few, nearest := image.NewPaletted(bounds, palette), map[color.RGBA]uint8{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := at(x, y)
			index, known := nearest[c]
			if !known {
				index = uint8(palette.Index(c))
				nearest[c] = index
			}
			few.SetColorIndex(x, y, index)
		}
	}
	return few
}

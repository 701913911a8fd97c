package verdict

import "encoding/binary"

// joinShape is how one kind of results is written.
type joinShape struct {
	picture *Picture
	key     bool       // the record's key is not drawn, so it must be that of the left record
	left    [][]string // what a left record has, and its result has not, or elsewhere
	result  [][]string // what a result has that its left record need not have
}

// drawnAs is a picture of rows that are known to be right.
func drawnAs(rows ...[2]string) *Picture { return (&Picture{}).with(rows...) }

func newJoinShape(picture, left *Picture) joinShape {
	s := joinShape{picture: picture, key: true, left: picture.paths(), result: picture.paths()}
	for _, d := range picture.places {
		s.key = s.key && d.place != "key"
	}
	if id := left.of("id"); id != nil && len(id.path) > 0 && picture.of("id") != nil {
		s.left = append(s.left, id.path)
	}
	return s
}

// keyAndTime read what a record is joined by, the same as a text (nil where there is none), and its event time.
func (j *Join) keyAndTime(r *content, p *Picture) (key string, text []byte, at int64, err error) {
	cells, err := p.read(r)
	if err != nil {
		return "", nil, 0, err
	}
	key, _ = cells["key"].identity(j.keyAsText)
	t, err := cells["time"].time()
	return key, cells["key"].same(true), t.UnixMilli(), err
}

// asText tells whether a part of a place is a text, whatever it is of.
func (d *drawn) asText(p part) bool {
	return d.match != nil || len(d.path) == 0 && d.place != "value" || p.text
}

// digest hashes what results have, part by part.
type digest struct {
	bytes  []byte
	hash   *hasher
	filled bool // one of the parts is not null
}

func (d *digest) add(content []byte) {
	d.filled = d.filled || content != nil && string(content) != "null"
	length := int64(len(content))
	if content == nil {
		length = -1
	}
	d.bytes = append(binary.AppendVarint(d.bytes, length), content...)
}

func (d *digest) addTime(ms int64) { d.add(binary.AppendVarint(nil, ms)) }

func (d *digest) sum() uint64 { return hashBytes(d.hash.value, d.bytes) }

// ofLeft is what a result has of its left record.
func (j *Join) ofLeft(s joinShape, r *content, in *joinInput) uint64 {
	sum := digest{hash: &j.hash}
	for i := range s.picture.places {
		d := &s.picture.places[i]
		for _, p := range d.parts {
			switch {
			case p.name == "time":
				sum.addTime(in.time)
			case p.name == "key":
				sum.add(in.text)
			case p.name == "left" && d.place == "value" && len(p.path) == 0:
				sum.add(without(r.Value, s.left))
			case p.name == "left":
				sum.add(ofSide(r, p).same(d.asText(p)))
			}
		}
	}
	return sum.sum()
}

// ofRight is what a joined result has of a version.
func (j *Join) ofRight(r *content) uint64 {
	sum := digest{hash: &j.hash}
	for i := range j.joined.picture.places {
		d := &j.joined.picture.places[i]
		for _, p := range d.parts {
			if p.name == "right" {
				sum.add(ofSide(r, p).same(d.asText(p)))
			}
		}
	}
	return sum.sum()
}

// ofSide is the part of a left or right record's value that a picture names.
func ofSide(r *content, p part) cell {
	if len(p.path) > 0 {
		return cell{part: p, raw: r.at(p.path), json: true}
	}
	return cell{part: p, raw: r.Value, json: true}
}

// ofResult reads what a result has of the two records that it was made of.
func (j *Join) ofResult(s joinShape, r *content, result *joinResult) error {
	left, right := digest{hash: &j.hash}, digest{hash: &j.hash}
	whole := false
	for i := range s.picture.places {
		d := &s.picture.places[i]
		cells, err := d.read(r)
		if err != nil {
			return err
		}
		for _, c := range cells {
			switch {
			case c.name == "time":
				at, err := c.time()
				if err != nil {
					return err
				}
				left.addTime(at.UnixMilli())
			case c.name == "left" && d.place == "value" && len(c.path) == 0:
				whole = true
				left.add(without(r.Value, s.result))
			case c.name == "left":
				left.add(c.same(d.asText(c.part)))
			case c.name == "key":
				left.add(c.same(true))
			case c.name == "right":
				right.add(c.same(d.asText(c.part)))
			}
		}
	}
	if s.key {
		result.key = hashBytes(j.hash.key, r.Key)
	}
	result.value, result.right, result.nothing = left.sum(), right.sum(), !right.filled
	result.unmatched = result.unmatched || j.rules.Null && result.nothing
	if !whole && len(s.result) > 0 && string(without(r.Value, s.result)) != "{}" {
		result.value++ // it has what nobody drew
	}
	return nil
}
